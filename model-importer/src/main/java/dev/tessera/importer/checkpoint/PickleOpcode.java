package dev.tessera.importer.checkpoint;

/** The names of the opcodes that {@link PickleReader} refuses, for its messages. */
final class PickleOpcode {
    private PickleOpcode() {}

    static String name(int opcode) {
        return switch (opcode) {
            case 'F' -> "FLOAT";
            case 'I' -> "INT";
            case 'L' -> "LONG";
            case 'P' -> "PERSID";
            case 'S' -> "STRING";
            case 'T' -> "BINSTRING";
            case 'U' -> "SHORT_BINSTRING";
            case 'V' -> "UNICODE";
            case 'g' -> "GET";
            case 'i' -> "INST";
            case 'o' -> "OBJ";
            case 'p' -> "PUT";
            case 0x82 -> "EXT1";
            case 0x83 -> "EXT2";
            case 0x84 -> "EXT4";
            case 0x8b -> "LONG4";
            case 0x92 -> "NEWOBJ_EX";
            case 0x96 -> "BYTEARRAY8";
            case 0x97 -> "NEXT_BUFFER";
            case 0x98 -> "READONLY_BUFFER";
            default -> "0x" + Integer.toHexString(opcode);
        };
    }
}
