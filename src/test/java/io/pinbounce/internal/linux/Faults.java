package io.pinbounce.internal.linux;

import java.util.HashMap;
import java.util.Map;

/**
 * The plan of {@link FaultyLibC} and {@link FaultyPosix}: which calls go wrong, and how. Any thread
 * may make calls; a plan is for the {@code n}-th call of a method, counted from 1.
 */
public final class Faults {

    private final Map<String, Integer> calls = new HashMap<>();

    private final Map<Call, Fault> plan = new HashMap<>();

    private record Call(String method, int number) {}

    /**
     * What happens to one call.
     *
     * @param errno the kernel's answer instead of the call; 0 to make the call
     * @param longest bytes that a transfer moves at the most
     */
    record Fault(int errno, long longest) {

        static final Fault NONE = new Fault(0, Long.MAX_VALUE);

        boolean fails() {
            return errno != 0;
        }
    }

    /** Makes a call fail without being made; {@code close} is made all the same, as on Linux. */
    public synchronized Faults fail(String method, int number, int errno) {
        plan.put(new Call(method, number), new Fault(errno, 0));
        return this;
    }

    /** Makes a transfer move fewer bytes than asked for; 0 moves none. */
    public synchronized Faults shorten(String method, int number, long bytes) {
        plan.put(new Call(method, number), new Fault(0, bytes));
        return this;
    }

    /** How often a method was called. */
    public synchronized int calls(String method) {
        return calls.getOrDefault(method, 0);
    }

    /** Counts a call and says what happens to it. */
    synchronized Fault next(String method) {
        int number = calls.merge(method, 1, Integer::sum);
        return plan.getOrDefault(new Call(method, number), Fault.NONE);
    }
}
