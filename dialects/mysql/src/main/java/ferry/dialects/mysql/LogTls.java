package ferry.dialects.mysql;

import com.github.shyiko.mysql.binlog.network.DefaultSSLSocketFactory;
import com.github.shyiko.mysql.binlog.network.SSLMode;
import ferry.engine.dialect.Endpoint;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// The TLS options of an endpoint on a log connection: `tls` is `disable` (the default) or
/// `require`; with `tls.ca`, a file of PEM certificates, the server's certificate must be signed by
/// one of them.
record LogTls(SSLMode mode, Optional<Path> authorities) {
    static LogTls of(Endpoint endpoint) {
        var tls = endpoint.options().getOrDefault("tls", "disable");
        var authorities = Optional.ofNullable(endpoint.options().get("tls.ca")).map(Path::of);
        return switch (tls) {
            case "disable" -> new LogTls(SSLMode.DISABLED, Optional.empty());
            case "require" ->
                    new LogTls(
                            authorities.isPresent() ? SSLMode.VERIFY_CA : SSLMode.REQUIRED,
                            authorities);
            default ->
                    throw ProblemException.of(
                            ProblemCode.CONFIGURATION,
                            "The option tls of " + endpoint + " is '" + tls + "'",
                            "it must be disable or require",
                            "correct the option");
        };
    }

    void configure(LogStream stream) {
        stream.setSSLMode(mode);
        authorities.ifPresent(file -> stream.setSslSocketFactory(new TrustingOnly(trust(file))));
    }

    /// Opens TLS to servers that one of the authorities vouches for.
    private static final class TrustingOnly extends DefaultSSLSocketFactory {
        private final TrustManagerFactory trust;

        TrustingOnly(TrustManagerFactory trust) {
            this.trust = trust;
        }

        @Override
        protected void initSSLContext(SSLContext context) throws GeneralSecurityException {
            context.init(null, trust.getTrustManagers(), null);
        }
    }

    private static TrustManagerFactory trust(Path file) {
        try (var in = Files.newInputStream(file)) {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            var number = 0;
            for (var certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("authority-" + number++, certificate);
            }
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            return trust;
        } catch (IOException | GeneralSecurityException e) {
            throw ProblemException.of(
                    ProblemCode.CONFIGURATION,
                    "The certificates of option tls.ca cannot be read",
                    e.toString(),
                    "name a file of PEM certificates that Ferry may read");
        }
    }
}
