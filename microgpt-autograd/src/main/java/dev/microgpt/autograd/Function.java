package dev.microgpt.autograd;

/** Any result but a sum or a {@link Product}: a function of one or two values that keeps its local gradients. */
final class Function extends Value {
    final double leftGrad; // ∂this/∂left
    final double rightGrad; // ∂this/∂right

    Function(Operation operation, double data, Value a, double aGrad) {
        super(operation, data, a);
        leftGrad = aGrad;
        rightGrad = 0;
    }

    Function(Operation operation, double data, Value a, double aGrad, Value b, double bGrad) {
        super(operation, data, a, b);
        leftGrad = aGrad;
        rightGrad = bGrad;
    }
}
