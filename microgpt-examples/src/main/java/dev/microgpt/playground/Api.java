package dev.microgpt.playground;

import dev.microgpt.text.Documents;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The questions that the pages ask, {@code <page>/<question>} with a JSON object, each answered by what {@link Json} writes, by the
 * bytes of a file, or by events. Nothing is remembered from one question to the next, but for the models that visitors train on
 * lists of their own. It knows nothing of the way by which a question comes.
 */
final class Api {
    /** A question that is answered while the visitor looks on; when the visitor has gone, {@code events} says so. */
    interface Stream {
        void run(Question question, Events events) throws IOException;
    }

    private final Map<String, Function<Question, Object>> answers = new LinkedHashMap<>();
    private final Map<String, Stream> streams = new LinkedHashMap<>();

    /**
     * The questions of all pages.
     *
     * @param documents what the pages show and the models learn
     * @throws IllegalArgumentException if they have too many different characters
     */
    static Api of(Documents documents) {
        Api api = new Api();
        Classroom classroom = new Classroom(documents);
        new DataPage(classroom).register(api);
        new CountingPage(classroom).register(api);
        new NGramPage(classroom).register(api);
        new GradientPage(classroom).register(api);
        new AutogradPage(classroom).register(api);
        new AttentionPage(classroom).register(api);
        new AdamPage(classroom).register(api);
        new LettersPage(classroom).register(api);
        new LoopPage(classroom).register(api);
        new NetworkPage(classroom).register(api);
        new DerivativePage(classroom).register(api);
        new OwnPage(classroom).register(api);
        TrainingPage trainings = new TrainingPage(classroom);
        trainings.register(api);
        new ComparePage(classroom, trainings).register(api);
        new WordPage(classroom).register(api);
        new AblationPage(classroom).register(api);
        new StartPage(classroom).register(api);
        return api;
    }

    void answer(String name, Function<Question, Object> answer) {
        answers.put(name, answer);
    }

    void stream(String name, Stream stream) {
        streams.put(name, stream);
    }

    /**
     * Whether a question is answered by events.
     *
     * @throws Rejection if there is no such question
     */
    boolean isStream(String name) {
        if (!answers.containsKey(name) && !streams.containsKey(name)) {
            throw new Rejection(404, "there is no question " + name);
        }
        return streams.containsKey(name);
    }

    /**
     * Answers a question.
     *
     * @param events where the events of a stream go; no other question sends any
     * @return the answer, bytes if it is a file; of a stream, nothing more than its events
     * @throws IOException if the visitor of a stream has gone
     * @throws IllegalArgumentException if a value of the question breaks a rule
     * @throws Rejection if there is no such question
     */
    Optional<Object> handle(String name, Question question, Events events) throws IOException {
        if (isStream(name)) {
            streams.get(name).run(question, events);
            return Optional.empty();
        }
        return Optional.of(answers.get(name).apply(question));
    }
}
