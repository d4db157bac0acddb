package io.pinbounce.tool.cli;

import io.pinbounce.BadInterval;
import io.pinbounce.pi.PiMismatch;
import io.pinbounce.tool.scrub.ScrubReport;
import io.pinbounce.tool.scrub.ScrubTarget;
import io.pinbounce.tool.scrub.UnreadableRange;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@code verify} found, for programs. */
final class VerifyJson {

    private VerifyJson() {}

    /**
     * One object, with arrays of what is bad.
     *
     * @param adopted whether the sidecar takes the data for its own now; null without {@code
     *     --adopt}
     */
    static String of(ScrubTarget target, ScrubReport report, @Nullable Boolean adopted) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("path", target.path().toString());
        json.put("sidecar", target.sidecar().toString());
        json.put("verdict", report.verdict().name().toLowerCase(Locale.ROOT));
        json.put("bytes", report.bytes());
        json.put("seconds", report.duration().toMillis() / 1000.0);
        json.put("intervals", report.intervals());
        json.put("clean", report.clean());
        json.put("unprotected", report.unprotected());
        json.put("damaged", report.damaged());
        json.put("bad", report.bad().stream().map(VerifyJson::bad).toList());
        json.put("unreadable", report.unreadable().stream().map(VerifyJson::unreadable).toList());
        json.put("sidecarDamage", report.sidecarDamage());
        if (adopted != null) {
            json.put("adopted", adopted);
        }
        return Json.write(json);
    }

    private static Map<String, @Nullable Object> bad(BadInterval bad) {
        PiMismatch mismatch = bad.mismatch();
        List<String> fields =
                mismatch == null
                        ? List.of(bad.cause().name())
                        : mismatch.failing().stream().map(Enum::name).toList();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("interval", bad.interval());
        json.put("position", bad.position());
        json.put("fields", fields);
        return json;
    }

    private static Map<String, @Nullable Object> unreadable(UnreadableRange range) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("position", range.position());
        json.put("length", range.length());
        json.put("errno", range.errno());
        return json;
    }
}
