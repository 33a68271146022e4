package dev.microgpt.playground;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a model wrote, and whether that is in the list. */
record Sample(String text, boolean inList) implements JsonObject {
    @Override
    public Map<String, Object> fields() {
        return Json.fields("text inList", text, inList);
    }

    static List<Sample> of(List<String> texts, Set<String> list) {
        return texts.stream().map(text -> new Sample(text, list.contains(text))).toList();
    }
}
