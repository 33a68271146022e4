package dev.microgpt.evaluation;

import dev.microgpt.evaluation.Report.HeldOutLoss;
import dev.microgpt.evaluation.Report.Nearest;
import dev.microgpt.evaluation.Report.Novelty;
import dev.microgpt.safetensors.Json;
import dev.microgpt.safetensors.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/** How a model file spells a {@link Report}: keys that stay as they are, whatever is renamed in the code. */
final class ReportJson {
    private ReportJson() {}

    static Map<String, Object> of(Report report) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("trained", report.trainedCount());
        json.put("heldOut", report.heldOutCount());
        json.put("read", report.readCount());
        json.put("duplicates", report.duplicateCount());
        json.put("cut", report.cutCount());
        json.put("blockSize", report.blockSize());
        json.put("vocabSize", report.vocabSize());
        Oddities oddities = report.oddities();
        if (!oddities.equals(Oddities.NONE)) {
            json.put("oddities", of(oddities));
        }
        report.heldOutLoss().ifPresent(loss -> json.put("loss", of(loss)));
        json.put("verdict", report.verdict());
        report.heldOutLoss().ifPresent(loss -> putForPrograms(json, loss));
        json.put("novelty", of(report.novelty()));
        json.put("nearest", report.nearest().stream().map(ReportJson::of).toList());
        return json;
    }

    static Report report(String text) {
        JsonObject json = JsonObject.of("report", parsed(text));
        return json.make(() -> new Report(
                json.requireInt("trained"),
                json.requireInt("heldOut"),
                json.requireLong("read"),
                json.requireInt("duplicates"),
                json.requireInt("cut"),
                json.requireInt("blockSize"),
                json.requireInt("vocabSize"),
                json.optionalObject("oddities").map(ReportJson::oddities).orElse(Oddities.NONE),
                json.optionalObject("loss").map(ReportJson::heldOutLoss),
                novelty(json.requireObject("novelty")),
                json.requireObjects("nearest").stream().map(ReportJson::nearest).toList()));
    }

    private static Object parsed(String text) {
        try {
            return Json.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("report is not valid: " + e.getMessage(), e);
        }
    }

    private static Map<String, Object> of(Oddities oddities) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("otherForms", oddities.otherForms());
        json.put("controls", oddities.controls());
        json.put("columns", oddities.columns());
        return json;
    }

    private static Oddities oddities(JsonObject json) {
        return json.make(() -> new Oddities(
                json.optionalInt("otherForms", 0), json.optionalInt("controls", 0), json.optionalInt("columns", 0)));
    }

    static Map<String, Object> of(HeldOutLoss loss) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("gpt", loss.gpt());
        json.put("bigram", loss.bigram());
        json.put("unigram", loss.unigram());
        json.put("gainError", loss.gainError());
        loss.counted().ifPresent(counted -> json.put("counted", of(counted)));
        return json;
    }

    /** What {@code loss} has, in the keys that programs look for; they are not read again. */
    private static void putForPrograms(Map<String, Object> json, HeldOutLoss loss) {
        Map<String, Object> losses = new LinkedHashMap<>();
        losses.put("unigram", loss.unigram());
        losses.put("bigram", loss.bigram());
        loss.ngram().ifPresent(ngram -> losses.put("ngram", ngram));
        losses.put("gpt", loss.gpt());
        loss.both().ifPresent(both -> losses.put("both", both));
        json.put("heldOutLoss", losses);
        loss.ngramOrder().ifPresent(order -> json.put("ngramOrder", order));
        loss.gptWeight().ifPresent(weight -> json.put("gptWeight", weight));
    }

    private static Map<String, Object> of(Counted counted) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("ngram", counted.ngram());
        json.put("ngramOrder", counted.ngramOrder());
        json.put("ngramError", counted.ngramError());
        json.put("both", counted.both());
        json.put("gptWeight", counted.gptWeight());
        json.put("bothError", counted.bothError());
        return json;
    }

    private static Counted counted(JsonObject json) {
        return json.make(() -> new Counted(
                json.requireDouble("ngram"),
                json.requireInt("ngramOrder"),
                json.requireDouble("ngramError"),
                json.requireDouble("both"),
                json.requireDouble("gptWeight"),
                json.requireDouble("bothError")));
    }

    private static HeldOutLoss heldOutLoss(JsonObject json) {
        return json.make(() -> new HeldOutLoss(
                json.requireDouble("gpt"),
                json.requireDouble("bigram"),
                json.requireDouble("unigram"),
                json.requireDouble("gainError"),
                json.optionalObject("counted").map(ReportJson::counted)));
    }

    static Map<String, Object> of(Novelty novelty) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("samples", novelty.sampleCount());
        json.put("empty", novelty.emptyCount());
        json.put("trained", novelty.trainedCount());
        json.put("heldOut", novelty.heldOutCount());
        json.put("repeated", novelty.repeatedCount());
        json.put("fresh", novelty.freshCount());
        return json;
    }

    private static Novelty novelty(JsonObject json) {
        return json.make(() -> new Novelty(
                json.requireInt("samples"),
                json.requireInt("empty"),
                json.requireInt("trained"),
                json.requireInt("heldOut"),
                json.requireInt("repeated"),
                json.requireInt("fresh")));
    }

    static Map<String, Object> of(Nearest near) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("sample", near.sample());
        json.put("trained", near.trained());
        json.put("edits", near.editCount());
        return json;
    }

    private static Nearest nearest(JsonObject json) {
        return json.make(() ->
                new Nearest(json.requireString("sample"), json.requireString("trained"), json.requireInt("edits")));
    }
}
