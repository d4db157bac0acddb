package io.pinbounce.tool.bench;

/**
 * One turn of a column.
 *
 * @param iops requests a second
 * @param cpuMicros processor time of a request
 * @param busy how many processors it kept busy
 */
public record Round(double iops, double cpuMicros, double busy) {

    static Round of(Run run) {
        return new Round(run.perSecond(), run.cpuMicros(), run.cpuNanos() / run.nanos());
    }

    /**
     * The bandwidth.
     *
     * @param size bytes in a request
     * @return MiB a second
     */
    public double mibps(int size) {
        return iops * size / (1 << 20);
    }
}
