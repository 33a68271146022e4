package dev.microgpt.playground;

import dev.microgpt.text.Documents;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Preset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Data and tokens: what the models read. */
final class DataPage {
    private static final int SHOWN = 12; // documents of a list that are shown

    private final Classroom classroom;

    DataPage(Classroom classroom) {
        this.classroom = classroom;
    }

    void register(Api api) {
        api.answer("data/overview", question -> overview());
        api.answer("data/vocabulary", this::vocabulary);
        api.answer("data/word", this::word);
        api.answer("data/tokens", this::tokens);
        api.answer("data/steps", this::steps);
    }

    /** {@code lengths[n]} documents have n characters; {@code cut} of them lose predictions at {@code blockSize}. */
    record Overview(
            int documents,
            int distinct,
            String example,
            List<String> symbols,
            int bos,
            int[] lengths,
            int blockSize,
            int cut)
            implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields(
                    "documents distinct example symbols bos lengths blockSize cut",
                    documents,
                    distinct,
                    example,
                    symbols,
                    bos,
                    lengths,
                    blockSize,
                    cut);
        }
    }

    private Overview overview() {
        Documents documents = classroom.documents();
        int[] length = documents.stream()
                .mapToInt(text -> text.codePointCount(0, text.length()))
                .toArray();
        int longest = IntStream.of(length).max().orElseThrow();
        int[] lengths = new int[longest + 1];
        IntStream.of(length).forEach(n -> lengths[n]++);
        int blockSize = Preset.STAGE5.config(classroom.tokenizer().vocabSize()).blockSize();
        int cut = (int) IntStream.of(length).filter(n -> n + 1 > blockSize).count();
        return new Overview(
                documents.size(),
                classroom.list().size(),
                classroom.example(),
                classroom.symbols(),
                classroom.tokenizer().bos(),
                lengths,
                blockSize,
                cut);
    }

    record Vocabulary(int documents, List<String> symbols, int bos, List<Document> first) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("documents symbols bos first", documents, symbols, bos, first);
        }
    }

    record Document(String text, int[] tokens) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("text tokens", text, tokens);
        }
    }

    private Vocabulary vocabulary(Question question) {
        Documents documents =
                Documents.of(question.text("words", Limits.LIST).lines().toList());
        Tokenizer tokenizer = Tokenizer.of(documents);
        List<String> symbols =
                tokenizer.vocabulary().codePoints().mapToObj(Classroom::label).toList();
        List<Document> first = documents.stream()
                .limit(SHOWN)
                .map(text -> new Document(text, tokenizer.encodeDocument(text)))
                .toList();
        return new Vocabulary(documents.size(), symbols, tokenizer.bos(), first);
    }

    /** How a typed word is read; {@code read} is what to try, or empty, if it cannot be read because of the {@code problem}. */
    record Word(String read, String problem) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("read problem", read, problem);
        }
    }

    private Word word(Question question) {
        String typed = question.text("word", Limits.WORD);
        try {
            return new Word(classroom.spelling().read(typed), "");
        } catch (IllegalArgumentException e) {
            return new Word(classroom.spelling().suggestion(typed).orElse(""), e.getMessage());
        }
    }

    /** The first {@code predictions} of the {@code tokens.length - 1} targets count. */
    record Tokens(List<String> symbols, int[] tokens, int predictions) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("symbols tokens predictions", symbols, tokens, predictions);
        }
    }

    private Tokens tokens(Question question) {
        int[] tokens = classroom.tokenizer().encodeDocument(classroom.word(question, "word"));
        int blockSize = question.integer("blockSize", 1, Limits.WORD);
        return new Tokens(classroom.symbols(tokens), tokens, Math.min(blockSize, tokens.length - 1));
    }

    record Steps(int documents, int seen, double share, List<Step> shown) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("documents seen share shown", documents, seen, share, shown);
        }
    }

    /** A step, counted from 0, and the document that it reads: {@code index = step % documents}. */
    record Step(int step, int index, String document) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("step index document", step, index, document);
        }
    }

    private Steps steps(Question question) {
        Documents documents = classroom.documents();
        int steps = question.integer("steps", 1, 1_000_000);
        int seen = Math.min(steps, documents.size());
        List<Step> shown = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            if (step == SHOWN / 2 && steps > SHOWN) {
                step = steps - SHOWN / 2;
            }
            shown.add(new Step(step, step % documents.size(), documents.atStep(step)));
        }
        return new Steps(documents.size(), seen, (double) seen / documents.size(), shown);
    }
}
