package dev.microgpt.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.bigram.Bigram;
import dev.microgpt.text.Documents;
import dev.microgpt.text.Tokenizer;
import org.junit.jupiter.api.Test;

class CountingBaselineTest {
    @Test
    void unigram_smooths_how_often_each_token_is_predicted() {
        CountingBaseline counted = new CountingBaseline(3);

        counted.learn(new int[] {2, 0, 0, 1, 2}); // predicts 0, 0, 1 and the end

        assertThat(counted.unigramLoss(0)).isEqualTo(-Math.log(3.0 / 7));
        assertThat(counted.unigramLoss(1)).isEqualTo(-Math.log(2.0 / 7));
        assertThat(counted.unigramLoss(2)).isEqualTo(-Math.log(2.0 / 7));
    }

    @Test
    void bigram_is_the_model_of_stage_0() {
        Tokenizer tokenizer = Tokenizer.of(Documents.givenNames());
        Bigram expected = new Bigram(tokenizer.vocabSize());
        CountingBaseline counted = new CountingBaseline(tokenizer.vocabSize());

        for (String name : Documents.givenNames()) {
            expected.learn(tokenizer.encodeDocument(name));
            counted.learn(tokenizer.encodeDocument(name));
        }

        for (int i = 0; i < tokenizer.vocabSize(); i++) {
            for (int j = 0; j < tokenizer.vocabSize(); j++) {
                assertThat(counted.bigramLoss(i, j)).isCloseTo(-Math.log(expected.probability(i, j)), within(1e-12));
            }
        }
    }

    @Test
    void has_room_for_every_character_of_unicode() {
        int vocabSize = 1 << 20;
        CountingBaseline counted = new CountingBaseline(vocabSize); // as a square of counts it would need 4 TB

        counted.learn(new int[] {vocabSize - 1, 4096, 5, vocabSize - 1});

        assertThat(counted.bigramLoss(4096, 5)).isEqualTo(-Math.log(2.0 / (vocabSize + 1)));
        assertThat(counted.bigramLoss(4096, 6)).isEqualTo(-Math.log(1.0 / (vocabSize + 1)));
        assertThat(counted.bigramLoss(0, 5)).isEqualTo(-Math.log(1.0 / vocabSize)); // 4096 · vocabSize is 0 as an int
    }
}
