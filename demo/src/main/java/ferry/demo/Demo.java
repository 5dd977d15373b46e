package ferry.demo;

import ferry.testkit.servers.DatabaseServer;
import ferry.testkit.servers.ServerKind;
import ferry.testkit.servers.ServerOptions;
import java.time.Duration;

final class Demo {
    public static void main(String[] a) throws Exception {
        var rows = Integer.parseInt(a[0]);
        var t = System.nanoTime();
        try (var s = DatabaseServer.start(ServerKind.MYSQL_8_0, ServerOptions.lean().withFlags("--innodb-buffer-pool-size=128M"))) {
            System.out.println("started " + (System.nanoTime() - t) / 1000000);
            t = System.nanoTime();
            var shop = Shop.open(s, rows);
            System.out.println("seeded " + (System.nanoTime() - t) / 1000000 + " rows " + shop.rows() + " tables " + shop.tables() + " bytes " + shop.bytes());
            for (var x : s.query("SHOW TABLES FROM shop")) System.out.println("  " + x + " " + s.query("SELECT COUNT(*) FROM shop." + x));
            var traffic = Traffic.start(s, 1);
            traffic.addColumnAfter(Duration.ofSeconds(3));
            for (int i = 0; i < Integer.parseInt(a[1]); i++) {
                Thread.sleep(1000);
                System.out.println(traffic.committed() + " lost " + traffic.lost() + " " + traffic.perSecond() + " " + traffic.failure());
            }
            traffic.stop();
            System.out.println(s.query("SHOW MASTER STATUS") + " " + s.query("SELECT nickname FROM shop.customers LIMIT 3") + s.query("SELECT COUNT(*) FROM shop.customers WHERE nickname <> 'friend 🙂'") + s.query("SELECT CONCAT(name,'=',value) FROM shop.counters"));
        }
    }
}
