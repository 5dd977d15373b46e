package ferry.engine.crew;

/// What a loop spends its time on.
public enum Activity {
    /// Its own work: decoding, merging, writing Ferry's own files.
    OWN("its own work"),
    /// Reading from the source. What decoding takes meanwhile is OWN where a dialect tells it.
    SOURCE("the source"),
    /// Asking the target and writing to it, with the statements that are made for it.
    TARGET("the target"),
    /// Nothing to do: what it works on has not come yet.
    NOTHING("nothing to do"),
    /// What it makes is not taken: those behind it must work first.
    ROOM("those behind it"),
    /// Transactions of other lanes that come before.
    ORDER("the order"),
    /// The governor.
    LIMIT("a limit"),
    /// A problem, which is tried again.
    PROBLEM("a problem");

    private final String words;

    Activity(String words) {
        this.words = words;
    }

    /// In a word or two, for people.
    public String words() {
        return words;
    }
}
