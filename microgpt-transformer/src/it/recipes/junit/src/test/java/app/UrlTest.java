package app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.microgpt.GenerationOptions;
import dev.microgpt.MicroGpt;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Names that nobody thought of as the arguments of a test; the seed makes them the same in every run. */
class UrlTest {
    static Stream<String> names() {
        MicroGpt model = MicroGpt.load(UrlTest.class.getResourceAsStream("/names.safetensors"));
        return model.stream(new GenerationOptions().withNovelOnly(true).withSeed(1))
                .limit(50);
    }

    @ParameterizedTest
    @MethodSource("names")
    void a_name_survives_the_way_into_an_address_and_back(String name) {
        String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8);

        assertEquals(name, URLDecoder.decode(encoded, StandardCharsets.UTF_8));
    }
}
