package ferry.dialects.toy;

import ferry.testkit.simulation.World;

/// What a server does by itself: the second stage of commits, and calls whose clients are gone.
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
        return (server.inFlight() > 0 ? 3 : 0) + (server.lateCalls() > 0 ? 1 : 0);
    }

    @Override
    public void step() {
        if (server.inFlight() > 0 && (server.lateCalls() == 0 || world.chance(7_500))) {
            server.commitStage(world.random().nextInt(server.inFlight()));
        } else {
            world.tell(() -> name + " executes a late call");
            server.executeLate(world.random().nextInt(server.lateCalls()));
        }
    }
}
