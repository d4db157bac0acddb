package io.pinbounce.tool.bench;

/**
 * What one turn of a column gave.
 *
 * @param iops requests a second
 * @param cpuMicros processor time of a request
 * @param busy how many processors it kept busy
 */
public record RoundResult(double iops, double cpuMicros, double busy) {

    static RoundResult of(Measurement measured) {
        return new RoundResult(
                measured.perSecond(), measured.cpuMicros(), measured.cpuNanos() / measured.nanos());
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
