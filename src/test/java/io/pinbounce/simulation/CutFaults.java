package io.pinbounce.simulation;

import io.pinbounce.DirectFile;
import io.pinbounce.internal.engine.DiskCall;
import io.pinbounce.internal.engine.DiskFaults;
import io.pinbounce.internal.engine.DiskFaults.Incident;
import io.pinbounce.internal.engine.SimulatedEngine.Outcome;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.engine.Submission.Op;
import io.pinbounce.simulation.CutJudge.Answer;
import io.pinbounce.simulation.CutSetup.Faults;
import io.pinbounce.simulation.CutVersion.State;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Calls that fail between two power cuts, and what becomes of the requests they fail. */
final class CutFaults {

    private static final double RARELY = 0.003;

    private static final double OFTEN = 0.05;

    private final CutSetup setup;

    private final CutOracle oracle;

    private final CutMachine machine;

    private final RandomGenerator random;

    private final DiskFaults faults;

    /** Writes that have failed, and were not looked at. */
    private final Set<CutChange> suspects = new LinkedHashSet<>();

    private boolean broken;

    private int incidentsBefore;

    private int incidentsSeen;

    CutFaults(CutSetup setup, CutOracle oracle, RandomGenerator random, CutMachine machine) {
        this.setup = setup;
        this.oracle = oracle;
        this.random = random;
        this.machine = machine;
        faults = machine.disk().faults();
    }

    /** From here on calls fail and transfers are short, if they do in this scenario. */
    void begin() {
        end();
        if (setup.faults() == Faults.FAILING) {
            faults.rate(DiskFaults.Kind.EIO, RARELY);
            faults.rate(DiskFaults.Kind.ENOSPC, RARELY);
        }
        incidentsBefore = faults.incidents().size();
        incidentsSeen = 0;
    }

    /** From here on transfers are short at the most. */
    void end() {
        faults.clear();
        if (setup.faults() != Faults.NONE) {
            faults.hook(this::shorten);
        }
    }

    /** Reads are short by whole units only: what is twice short of one is the end of the file. */
    private Outcome shorten(Submission submission) {
        long unit = submission.op() == Op.READ ? setup.unit() : setup.block();
        long units = submission.length() / unit;
        return units > 1 && random.nextDouble() < OFTEN
                ? Outcome.shortened(unit * (1 + random.nextLong(units - 1)))
                : Outcome.NORMAL;
    }

    /** A request has failed: that is an error unless something was wrong. */
    void failed(IOException e) {
        machine.settle(); // what has failed may have left before the task's end
        if (machine.engine().isDead()) {
            return;
        }
        machine.note("failed: " + e.getMessage());
        int now = incidents().size();
        if (now == 0) {
            throw new AssertionError("a request failed, and nothing was wrong: " + e, e);
        }
        broken |= now == incidentsSeen; // an old failure goes on: the file is to be opened again
        incidentsSeen = now;
    }

    private List<Incident> incidents() {
        return faults.incidents().stream().skip(incidentsBefore).toList();
    }

    /**
     * Remembers a write that failed, so that {@link #observe} finds out what the disk has of it.
     */
    void suspect(CutChange change) {
        suspects.add(change);
    }

    boolean isSuspected() {
        return !suspects.isEmpty() && !machine.engine().isDead();
    }

    /** The file is no good any more until it is opened again. */
    void breaks() {
        broken = true;
    }

    boolean isBroken() {
        return broken || machine.engine().isDead();
    }

    /** Reads what the disk has of failed writes, while no request is under way. */
    void observe(DirectFile file) throws IOException {
        end();
        List<Incident> before = incidents();
        file.size(); // makes the file ask the disk for its size
        CutJudge judge = new CutJudge(setup, oracle, machine);
        long size = machine.disk().size(CutSetup.DATA);
        for (CutChange change : suspects) {
            for (CutInterval one : oracle.changedBy(change)) {
                observe(judge, file, one, size, change, before);
            }
            oracle.observeSize(size, change);
        }
        suspects.clear();
        begin(before);
    }

    private void begin(List<Incident> before) {
        int first = incidentsBefore;
        begin();
        incidentsBefore = first;
        incidentsSeen = before.size();
    }

    private void observe(
            CutJudge judge,
            DirectFile file,
            CutInterval one,
            long size,
            CutChange change,
            List<Incident> before)
            throws IOException {
        byte[] found = judge.onDisk(one.number);
        long at = one.number * setup.interval();
        if (at >= size) {
            oracle.observe(one, found, State.PROTECTED, change);
            return;
        }
        Answer answer = judge.readOne(file, at, (int) Math.min(setup.interval(), size - at));
        boolean mayFail =
                before.stream().anyMatch(incident -> hidReading(incident, at))
                        || (one.isUnlogged() && one.wasUnprotected());
        boolean good = judge.isGood(one, found) && answer.isError();
        if (good && mayFail) {
            broken = true; // the next recovery may know better
        } else {
            judge.requireExact(one, found, answer);
        }
        oracle.observe(one, found, CutJudge.stateOf(answer), change);
    }

    /** Whether an interval could not be read back. */
    private boolean hidReading(Incident incident, long at) {
        DiskCall call = incident.made();
        return call.kind() == DiskCall.Kind.READ
                && call.path().equals(CutSetup.DATA)
                && call.position() < at + setup.interval() + setup.unit()
                && at - setup.unit() < call.position() + call.length();
    }
}
