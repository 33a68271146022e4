package dev.microgpt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.microgpt.text.Documents;
import dev.microgpt.transformer.Preset;
import java.io.ByteArrayInputStream;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Strings that look the same are the same, whatever characters they are made of. */
class FormsTest {
    private static final List<String> LIST = list();
    private static final TrainingOptions QUICK =
            TrainingOptions.of(Preset.STAGE5).withSteps(1);

    /** Names with accents, a third of them in two characters each, a third with a character that nobody sees. */
    private static List<String> list() {
        List<String> list = new ArrayList<>();
        List<String> names = Documents.givenNames().asList().subList(0, 200);
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i).replace('e', '\u00E9').replace('a', '\u00E0');
            list.add(
                    switch (i % 3) {
                        case 0 -> name;
                        case 1 -> Normalizer.normalize(name, Normalizer.Form.NFD);
                        default -> name.substring(0, 1) + "\u200B" + name.substring(1);
                    });
        }
        return list;
    }

    @Test
    void new_and_different_strings_look_new_and_different() {
        MicroGpt model = MicroGpt.train(LIST, TrainingOptions.of(Preset.STAGE5).withBlockSize(24));
        Set<String> forms = forms(LIST);
        GenerationOptions options =
                new GenerationOptions().withNovelOnly(true).withUnique(true).withSeed(1);

        for (MicroGpt any : List.of(model, MicroGpt.load(new ByteArrayInputStream(model.toBytes())))) {
            List<String> strings = any.generate(300, options);
            assertThat(forms(strings)).hasSize(300).doesNotContainAnyElementsOf(forms);
        }
        assertThat(model.report().novelty().trainedCount())
                .isEqualTo((int) model.generate(1000, new GenerationOptions(), model.random()).stream()
                        .filter(string -> forms.contains(Documents.normalForm(string)))
                        .count());
    }

    @Test
    void a_string_is_known_in_every_form() {
        MicroGpt model = MicroGpt.train(List.of("zo\u00E9", "le\u0301a", "m\u200Bia"), QUICK);
        MicroGpt loaded = MicroGpt.load(new ByteArrayInputStream(model.toBytes()));

        for (MicroGpt any : List.of(model, loaded)) {
            assertThat(List.of("zoe\u0301", "l\u00E9a", "mia", "m\uFEFFia\u00A0", " zo\u00E9"))
                    .allMatch(any::isKnown);
            assertThat(List.of("zoe", "lea", "mi a")).noneMatch(any::isKnown);
        }
    }

    @Test
    void copies_in_another_form_are_held_out_together() {
        List<String> twice = new ArrayList<>(LIST);
        LIST.forEach(string ->
                twice.add(Normalizer.normalize(string.replace("\u200B", ""), Normalizer.Form.NFC) + "\u00AD"));

        MicroGpt model = MicroGpt.train(twice, TrainingOptions.forStrings(twice).withSteps(2));
        TrainingData data = TrainingData.of(Documents.of(twice), model.trainingOptions(), List.of());

        assertThat(TrainingOptions.forStrings(twice).heldOutFraction()).isEqualTo(0.1);
        assertThat(data.heldOut()).hasSize(20);
        assertThat(forms(data.trained())).hasSize(180).doesNotContainAnyElementsOf(forms(data.heldOut()));
        assertThat(model.report().duplicateCount()).isEqualTo(180);
        assertThat(model.report().warnings())
                .anyMatch(warning -> warning.contains("invisible characters, or letters in two characters"));
    }

    private static Set<String> forms(List<String> strings) {
        Set<String> forms = new HashSet<>();
        strings.forEach(string -> forms.add(Documents.normalForm(string)));
        return forms;
    }
}
