package app;

import dev.microgpt.GenerationOptions;
import dev.microgpt.MicroGpt;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** One model, which all requests share. */
@SpringBootApplication(proxyBeanMethods = false)
public class NamesApplication {
    @Bean
    MicroGpt model() {
        return MicroGpt.load(NamesApplication.class.getResourceAsStream("/names.safetensors"));
    }

    @RestController
    static final class NamesController {
        private final MicroGpt model;

        NamesController(MicroGpt model) {
            this.model = model;
        }

        @GetMapping("/names")
        List<String> names(@RequestParam(defaultValue = "20") int count, @RequestParam long seed) {
            return model.generate(
                    count, new GenerationOptions().withNovelOnly(true).withSeed(seed));
        }
    }

    public static void main(String[] args) {
        SpringApplication.run(NamesApplication.class, args);
    }
}
