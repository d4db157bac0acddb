package io.pinbounce.simulation;

import io.pinbounce.SidecarOptions.Mode;
import io.pinbounce.simulation.CutVersion.State;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** All that one interval may hold: what is durable, and what was written since. */
final class CutInterval {

    final long number;

    /** Oldest first; there is always one. */
    private final List<CutVersion> versions = new ArrayList<>(2);

    /** Whether a call has forced all of the interval, its tuple too. */
    private boolean forced = true;

    /** Whether the interval was written since without a log record: its tuple may be lost. */
    private boolean unlogged;

    /** Whether the interval was unprotected when a call last forced all of it. */
    private boolean wasUnprotected;

    CutInterval(long number, CutVersion base) {
        this.number = number;
        versions.add(base);
    }

    CutVersion newest() {
        return versions.getLast();
    }

    List<CutVersion> versions() {
        return versions;
    }

    /** Whether nothing was written since the last force. */
    boolean isForced() {
        return forced;
    }

    /** Whether reading it may be an error, even if its bytes were written like that. */
    boolean isUnlogged() {
        return unlogged;
    }

    void add(CutVersion version, Mode mode) {
        unlogged |= mode == Mode.NONE;
        wasUnprotected |= newest().state() == State.UNPROTECTED;
        versions.add(version);
        forced = false;
    }

    /** The states that found bytes may be in: none if the bytes are no version. */
    Set<State> statesOf(byte[] found) {
        Set<State> states = EnumSet.noneOf(State.class);
        for (CutVersion version : versions) {
            if (Arrays.equals(version.bytes(), found)) {
                states.add(version.state());
            }
        }
        return states;
    }

    boolean isChangedBy(CutChange change) {
        return versions.stream().anyMatch(version -> version.by() == change);
    }

    /** Whether the sidecar may still hold the interval to be unprotected. */
    boolean wasUnprotected() {
        return wasUnprotected;
    }

    /** All that was done by some time is durable. */
    void forced(long time) {
        dropOlder(time);
        forced = versions.size() == 1 && newest().isDoneBy(time);
        wasUnprotected &= !forced;
        unlogged &= !forced;
    }

    /** The data of a change is durable; its tuple, too, if it was forced by a call. */
    void durable(CutChange change, Durable what) {
        for (int i = versions.size() - 1; i >= 0; i--) {
            if (versions.get(i).by() == change) {
                versions.subList(0, i).clear();
                forced |= what == Durable.ALL && versions.size() == 1;
                wasUnprotected &= !forced;
                unlogged &= !forced;
                return;
            }
        }
    }

    private void dropOlder(long time) {
        for (int i = versions.size() - 1; i > 0; i--) {
            if (versions.get(i).isDoneBy(time)) {
                versions.subList(0, i).clear();
                return;
            }
        }
    }

    /** What a force makes durable of a write. */
    enum Durable {
        /** The data. */
        DATA,
        /** The data, and that it verifies. */
        ALL
    }
}
