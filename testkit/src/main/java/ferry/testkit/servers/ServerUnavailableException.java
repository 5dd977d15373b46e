package ferry.testkit.servers;

/// A server cannot be obtained or prepared on this machine; the message says why and what to do.
public final class ServerUnavailableException extends RuntimeException {
    ServerUnavailableException(String message) {
        super(message);
    }

    ServerUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
