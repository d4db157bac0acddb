package io.pinbounce.simulation;

/** A change to a file, from its being asked for on. */
final class CutChange {

    final long number;

    private final String text;

    private long doneAt = Long.MAX_VALUE;

    CutChange(long number, String text) {
        this.number = number;
        this.text = text;
    }

    void done(long time) {
        doneAt = time;
    }

    boolean isDoneBy(long time) {
        return doneAt <= time;
    }

    @Override
    public String toString() {
        return "#" + number + " " + text + (doneAt == Long.MAX_VALUE ? ", in flight" : "");
    }
}
