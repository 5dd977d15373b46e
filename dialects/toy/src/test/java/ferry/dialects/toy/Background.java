package ferry.dialects.toy;

import ferry.testkit.simulation.World;

/// What a server does by itself: the later stages of commits, and calls whose clients are gone.
final class Background implements World.Actor {
    private final World world;
    private final String name;
    private final ToyServer server;

    Background(World world, String name, ToyServer server) {
        this.world = world;
        this.name = name;
        this.server = server;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int weight() {
        return (server.inFlight() > 0 ? 3 : 0)
                + (server.unannounced() > 0 ? 2 : 0)
                + (server.lateCalls() > 0 ? 1 : 0);
    }

    @Override
    public void step() {
        var late = server.lateCalls() > 0 && world.chance(2_500);
        if (!late && server.inFlight() > 0 && (server.unannounced() == 0 || world.chance(6_000))) {
            server.commitStage(world.random().nextInt(server.inFlight()));
        } else if (!late && server.unannounced() > 0) {
            server.announce(world.random().nextInt(server.unannounced()));
        } else {
            world.tell(() -> name + " executes a late call");
            server.executeLate(world.random().nextInt(server.lateCalls()));
        }
    }
}
