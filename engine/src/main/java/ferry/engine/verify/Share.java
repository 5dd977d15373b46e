package ferry.engine.verify;

import ferry.engine.model.Row;

/// The part of all rows, or keys, whose hash ends in these bits: a table that is too large to be
/// held in memory is compared share by share. Both ends' rows have the target's form, so equal ones
/// are in the same share.
record Share(int bits, int value) {
    static final Share ALL = new Share(0, 0);

    /// Rows of one hash cannot be told apart.
    static final int BITS_MAX = Integer.SIZE;

    boolean holds(Row row) {
        return bits == 0 || (mixed(row.hashCode()) << (BITS_MAX - bits)) == shifted();
    }

    private int shifted() {
        return value << (BITS_MAX - bits);
    }

    Share half() {
        return new Share(bits + 1, value);
    }

    Share otherHalf() {
        return new Share(bits + 1, value | 1 << bits);
    }

    /// True for exactly one of the shares that make up the whole.
    boolean isFirst() {
        return value == 0;
    }

    /// Every bit of a row's hash moves every bit here (MurmurHash3's last step).
    private static int mixed(int hash) {
        var first = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        var second = (first ^ (first >>> 13)) * 0xc2b2ae35;
        return second ^ (second >>> 16);
    }
}
