package io.pinbounce.tool.cli;

import io.pinbounce.tool.torture.CellResult;
import io.pinbounce.tool.torture.TortureCell;
import io.pinbounce.tool.torture.TortureReport;
import io.pinbounce.tool.torture.WorkingSet;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The torture test's result for programs. */
final class TortureJson {

    /** The format of the guards, as the NVM Command Set specification calls it. */
    private static final String GUARD = "16b";

    private TortureJson() {}

    /** One object for the run, with an array of the cells. */
    static String of(TortureReport report, TortureSetting setting) {
        WorkingSet set = setting.set();
        Map<String, @Nullable Object> run = new LinkedHashMap<>();
        run.put("verdict", report.verdict().name().toLowerCase(Locale.ROOT));
        run.put("seed", setting.plan().seed());
        run.put("target", setting.target().path().toString());
        run.put("fileSystem", set.fileSystem());
        run.put("directIo", set.directIo());
        run.put("directIoReason", set.directIoReason());
        run.put("queueEngine", setting.queue().engine());
        run.put("queueEngineReason", setting.queue().engineReason());
        run.put("cases", report.cells().stream().map(TortureJson::cell).toList());
        return Json.write(run);
    }

    private static Map<String, @Nullable Object> cell(CellResult result) {
        TortureCell cell = result.cell();
        CellResult.Counts counts = result.counts();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("case", cell.kind().label());
        json.put("size", cell.size());
        json.put("mode", cell.mode());
        json.put("depth", cell.depth());
        json.put("engine", result.engine());
        json.put("guard", cell.kind().isGuarded() ? GUARD : null);
        json.put("operations", counts.operations());
        json.put("mutations", counts.mutations());
        json.put("torn", counts.torn());
        json.put("refused", counts.refused());
        json.put("unreadable", counts.unreadable());
        json.put("falseErrors", counts.falseErrors());
        json.put("misplaced", counts.misplaced());
        json.put("verdict", result.verdict().label());
        return json;
    }
}
