package ferry.server.run;

import java.util.concurrent.atomic.AtomicBoolean;

/// An operator's wish that a run ends at the next safe place. Once said it stays said.
public final class Stop {
    private final AtomicBoolean wanted = new AtomicBoolean();

    public void request() {
        wanted.set(true);
    }

    public boolean requested() {
        return wanted.get();
    }
}
