package io.pinbounce.tool.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FioTest {

    /** What fio 3.33 says, cut down to what is read of it. */
    private static final String REPORT =
            """
            "jobs" : [ { "read" : { "iops" : 0.000000, "runtime" : 0, "total_ios" : 0 },
              "write" : { "iops" : 40000.000000, "runtime" : 500, "total_ios" : 20000,
                "clat_ns" : { "percentile" : { "50.000000" : 250880, "99.000000" : 1003520,
                  "99.900000" : 4005000, "99.990000" : 5000000 } } },
              "job_runtime" : 500, "usr_cpu" : 4.000000, "sys_cpu" : 36.000000 } ]
            """;

    @Test
    void aReportGivesSpeedAndProcessorTime() {
        Measurement measured = Fio.parse(REPORT);
        assertEquals(20_000, measured.requests());
        assertEquals(40_000, measured.perSecond(), 1e-6);
        // 40 % of 500 ms are 200 ms, for 20,000 requests.
        assertEquals(10, measured.cpuMicros(), 1e-9);
    }

    @Test
    void aReportGivesLatencies() {
        assertEquals(new Latency(250.88, 1003.52, 4005), Fio.latency(REPORT));
    }

    @Test
    void aReportSaysInWhichModeProcessorsWere() {
        assertEquals(0.1, Fio.parse(REPORT).cpu().userShare(), 1e-9);
    }

    @Test
    void aReportWithoutAFigureIsRefused() {
        String cut = REPORT.replace("sys_cpu", "other");
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> Fio.parse(cut));
        assertTrue(String.valueOf(refused.getMessage()).contains("sys_cpu"));
    }
}
