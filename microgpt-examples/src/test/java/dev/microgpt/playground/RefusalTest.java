package dev.microgpt.playground;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions that the server refuses, and what it says then. */
class RefusalTest {
    /** Question, body and error; a body has ' for ". */
    private static final String BAD_INPUT = """
            data/steps | {} | parameter steps is missing
            data/steps | {'steps':0} | steps 0 is not a whole number in [1, 1000000]
            data/steps | {'steps':1.5} | steps 1.5 is not a whole number in [1, 1000000]
            data/steps | {'steps':12345678901} | steps 12345678901 is not a whole number in [1, 1000000]
            data/steps | {'steps':'7'} | steps "7" is not a whole number in [1, 1000000]
            data/tokens | {'word':7,'blockSize':16} | word 7 is not a text
            data/tokens | {'word':'zo-é','blockSize':16} | no text of the list has "-"; try zoe
            data/vocabulary | {'words':' '} | documents has no text that is not blank
            counting/table | {'names':-1} | names -1 is not a whole number in [0, 10000]
            counting/table | {'names':10001} | names 10001 is not a whole number in [0, 10000]
            counting/block | {'from':0,'to':101,'word':'','token':0} | to 101 is not a whole number in [0, 100]
            counting/block | {'from':5,'to':4,'word':'','token':0} | to 4 is not a whole number in [5, 105]
            start/stage | {'stage':6} | stage 6 is not a whole number in [0, 5]
            counting/next | {'names':1,'token':27} | token 27 is not a whole number in [0, 26]
            ngram/word | {'word':'7'} | no text of the list has "7"; its characters are abcdefghijklmnopqrstuvwxyz
            ngram/example | {'words':' ','order':2,'context':'a'} | documents has no text that is not blank
            ngram/example | {'words':'ab','order':5,'context':'a'} | order 5 is not a whole number in [2, 4]
            ngram/example | {'words':'ab','order':2,'context':'c'} | no text of the list has "c"; its characters are ab
            ngram/gpt | {'steps':10001} | steps 10001 is not a whole number in [20, 10000]
            gradient/linear | {'x':[1,2],'rows':2,'w':[[1,2],[3]]} | w[1] [3] is not a list of 2 elements
            gradient/linear | {'x':[1,null],'rows':1,'w':[[1,2]]} | x[1] is empty, not a number in [-1000.0, 1000.0]
            gradient/linear | {'x':[],'rows':1,'w':[[]]} | x [] is not a list of 1 to 6 elements
            gradient/softmax | {'logits':[1e400],'target':0} | logits[0] Infinity is not a number in [-1000.0, 1000.0]
            gradient/way | {'token':0,'steps':7} | steps 7 is not a multiple of 50 in [0, 1000]
            autograd/graph | {'expression':'a +','variables':{}} | expression has nothing at index 3 where a number, a variable, log, exp, relu, tanh or ( is expected
            autograd/graph | {'expression':'a','variables':[]} | variables [] is not an object of at most 100 numbers
            autograd/graph | {'expression':'a','variables':{'a':'x'}} | variables.a "x" is not a number in [-1000.0, 1000.0]
            attention/trace | {'stage':2,'steps':0,'word':'emma'} | stage 2 is not one of 3, 4, 5, early
            heads/parameters | {'vocabSize':27,'blockSize':16,'embedDim':16,'headCount':5,'layerCount':1} | embedDim 16 is not a multiple of headCount 5
            adam/averages | {'beta1':0.9,'beta2':0.9,'gradients':'wild'} | gradients wild is not one of steady, alternating, noisy, spike, real
            adam/update | {'steps':0,'word':'emma','tensor':'lm_head','row':27,'column':0} | row 27 of lm_head is not in [0, 27)
            adam/next | {'steps':0,'prefix':'abcdefghijklmnop','temperature':1} | prefix has 16 characters; with BOS in front it does not fit into blockSize 16
            adam/next | {'steps':0,'prefix':'','temperature':0} | temperature 0 is not a number in [0.1, 1.2]
            compare/configuration | {'blockSize':16,'embedDim':16,'headCount':4,'layerCount':1,'optimizer':'lion','learningRate':1,'steps':1,'stepsPerSecond':1} | optimizer lion is not one of adam, sgd
            compare/configuration | {'blockSize':16,'embedDim':16,'headCount':5,'layerCount':1,'optimizer':'adam','learningRate':1,'steps':1,'stepsPerSecond':1} | embedDim 16 is not a multiple of headCount 5
            loop/run | {'stage':'6'} | stage 6 is not one of 0, 1, 2, 3, 4, 5, early
            loop/step | {'stage':'x','step':0,'word':'emma','tensor':''} | stage x is not one of 0, 1, 2, 3, 4, 5, early
            loop/step | {'stage':'early','step':500,'word':'emma','tensor':''} | step 500 is not a whole number in [0, 499]
            loop/step | {'stage':'5','step':0,'word':'emma','tensor':'wte','row':27,'column':0} | row 27 of wte is not in [0, 27)
            loop/step | {'stage':'5','step':0,'word':'emma','tensor':'wtf','row':0,'column':0} | there is no tensor wtf in [wte, wpe, lm_head, layer0.attn_wq, layer0.attn_wk, layer0.attn_wv, layer0.attn_wo, layer0.mlp_fc1, layer0.mlp_fc2]
            derivative/curve | {'word':'emma','steps':1001,'tensor':''} | steps 1001 is not a whole number in [0, 1000]
            derivative/secants | {'word':'emma','steps':0,'tensor':'wte','row':12,'column':10,'w':0,'epsilons':[0]} | epsilons[0] 0.0 is 0: a secant goes through two points
            derivative/secants | {'word':'emma','steps':0,'tensor':'wte','row':27,'column':0,'w':0,'epsilons':[1]} | row 27 of wte is not in [0, 27)
            network/letter | {'stage':0,'steps':0,'word':'emma','position':0} | stage 0 is not a whole number in [1, 5]
            network/letter | {'stage':5,'steps':0,'word':'emma','position':5} | position 5 is not a whole number in [0, 4]
            own/settings | {'list':'\\n \\n'} | documents has no text that is not blank
            own/settings | {'list':['a']} | list [a] is not a text
            own/train | {'list':'a','steps':10001} | steps 10001 is not a whole number in [1, 10000]
            own/train | {'list':'a','steps':1,'embedDim':65} | embedDim 65 is not a whole number in [4, 64]
            own/train | {'list':'a','steps':1,'embedDim':8,'headCount':3,'layerCount':1,'learningRate':1} | embedDim 8 is not a multiple of headCount 3
            own/train | {'list':'a','steps':1,'embedDim':8,'headCount':2,'layerCount':1,'learningRate':0} | learningRate 0 is not a number in [1.0E-6, 10.0]
            training/run | {'stages':[6],'steps':1,'stepsPerSecond':1} | stage 6 is not one of 0, 1, 2, 3, 4, 5, early
            training/run | {'stages':[0,true],'steps':1,'stepsPerSecond':1} | stages[1] true is neither a whole number nor a short text
            word/stages | {'word':'emma','steps':51} | steps 51 is not a multiple of 50 in [0, 1000]
            training/run | {'stages':[0],'steps':10001,'stepsPerSecond':1} | steps 10001 is not a whole number in [1, 10000]
            """;

    @AutoClose
    private static Visitor visitor = new Visitor();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = BAD_INPUT)
    void bad_input_is_refused_by_parameter_value_and_rule(String question, String body, String error) {
        HttpResponse<String> response =
                visitor.post(question, body.replace('\'', '"').replace("\"é\"", "'é'"));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json; charset=utf-8");
        assertThat(Visitor.map(Visitor.parse(response.body()))).containsExactlyEntriesOf(Map.of("error", error));
    }

    @Test
    void a_text_that_is_too_long_is_refused() {
        HttpResponse<String> response =
                visitor.post("data/tokens", "{\"word\":\"" + "a".repeat(101) + "\",\"blockSize\":16}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).isEqualTo("{\"error\":\"word has 101 characters, more than 100\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | the body is not one JSON object",
                "null | the body is not one JSON object",
                "[1] | the body is not one JSON object",
                "{ | the body is not JSON",
                "{a:1} | the body is not JSON",
                "{} x | the body is not JSON",
                "{} {} | the body is not one JSON object",
                "{\"steps\":1,\"steps\":2} | the body is not one JSON object",
            })
    void what_is_not_a_json_object_is_refused(String body, String error) {
        HttpResponse<String> response = visitor.post("data/steps", body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Visitor.map(Visitor.parse(response.body())).get("error").toString())
                .startsWith(error);
    }

    @Test
    void json_that_is_too_deep_is_refused() {
        HttpResponse<String> response =
                visitor.post("data/steps", "{\"a\":" + "[".repeat(20_000) + "]".repeat(20_000) + "}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("nesting depth");
    }

    @ParameterizedTest
    @ValueSource(ints = {Limits.BODY + 1, 3_000_000})
    void a_body_that_is_too_large_is_refused(int size) {
        String body = "{\"words\":\"" + "a".repeat(size - 12) + "\"}";

        HttpResponse<String> response = visitor.post("data/vocabulary", body);

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.body()).isEqualTo("{\"error\":\"the body has more than 1048576 bytes\"}");
    }

    @Test
    void a_body_without_a_length_is_bounded_too() {
        String chunk = "10000\r\n" + "a".repeat(0x10000) + "\r\n";

        String response = visitor.raw("POST /api/data/vocabulary HTTP/1.1\r\nHost: " + visitor.host()
                + "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                + chunk.repeat(Limits.BODY / 0x10000 + 1) + "0\r\n\r\n");

        assertThat(response)
                .startsWith("HTTP/1.1 413 ")
                .endsWith("{\"error\":\"the body has more than 1048576 bytes\"}");
    }

    @Test
    void questions_are_posted_as_json() {
        assertThat(visitor.get("/api/counting/run").statusCode()).isEqualTo(405);
        assertThat(visitor.post("no/question", "{}").statusCode()).isEqualTo(404);
        HttpResponse<String> form = visitor.send(HttpRequest.newBuilder(visitor.address("/api/counting/run"))
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("{}"))
                .build());
        assertThat(form.statusCode()).isEqualTo(415);
        HttpResponse<String> page = visitor.send(HttpRequest.newBuilder(visitor.address("/"))
                .POST(BodyPublishers.ofString("{}"))
                .build());
        assertThat(page.statusCode()).isEqualTo(405);
    }
}
