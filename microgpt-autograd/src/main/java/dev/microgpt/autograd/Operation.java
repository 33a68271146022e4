package dev.microgpt.autograd;

/** How a value was made, and how a printed graph calls it. */
enum Operation {
    LEAF("leaf"),
    ADD("+"),
    MUL("*"),
    DOT("dot"),
    MAX("max"),
    POW("pow"),
    LOG("log"),
    EXP("exp"),
    RELU("relu"),
    TANH("tanh"),
    SIGMOID("sigmoid"),
    SQRT("sqrt"),
    ABS("abs");

    final String symbol;

    Operation(String symbol) {
        this.symbol = symbol;
    }
}
