package dev.microgpt.site;

import java.util.Map;
import java.util.stream.Stream;
import org.teavm.model.BasicBlock;
import org.teavm.model.ClassHolder;
import org.teavm.model.ClassHolderTransformer;
import org.teavm.model.ClassHolderTransformerContext;
import org.teavm.model.Instruction;
import org.teavm.model.MethodDescriptor;
import org.teavm.model.MethodHolder;
import org.teavm.model.MethodReference;
import org.teavm.model.Variable;
import org.teavm.model.instructions.InvocationType;
import org.teavm.model.instructions.InvokeInstruction;

/** Leads calls of methods that TeaVM does not have to those of {@link Missing}, while it compiles. */
public final class Redirect implements ClassHolderTransformer {
    private static final Map<String, String> METHODS = Map.of(
            "java.lang.Math.fma(DDD)D", "fma(DDD)D",
            "java.lang.Math.fma(FFF)F", "fma(FFF)F",
            "java.lang.Runtime.maxMemory()J", "maxMemory(Ljava/lang/Runtime;)J",
            "java.lang.Character.toString(I)Ljava/lang/String;", "toString(I)Ljava/lang/String;",
            "java.lang.String.lines()Ljava/util/stream/Stream;", "lines(Ljava/lang/String;)Ljava/util/stream/Stream;");

    @Override
    public void transformClass(ClassHolder type, ClassHolderTransformerContext context) {
        for (MethodHolder method : type.getMethods()) {
            if (method.getProgram() != null) {
                for (BasicBlock block : method.getProgram().getBasicBlocks()) {
                    for (Instruction instruction : block) {
                        if (instruction instanceof InvokeInstruction call) {
                            redirect(call);
                        }
                    }
                }
            }
        }
    }

    /** The object of a call becomes the first argument. */
    private static void redirect(InvokeInstruction call) {
        String here = METHODS.get(call.getMethod().toString());
        if (here != null) {
            call.setMethod(new MethodReference(Missing.class.getName(), MethodDescriptor.parse(here)));
            if (call.getInstance() != null) {
                call.setArguments(Stream.concat(Stream.of(call.getInstance()), call.getArguments().stream())
                        .toArray(Variable[]::new));
                call.setInstance(null);
                call.setType(InvocationType.SPECIAL);
            }
        }
    }
}
