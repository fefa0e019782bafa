package dev.tessera.inference.foreign;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;

/**
 * The functions that are used of {@code OrtApi}, which is a table of pointers that later versions only add to. The numbers are
 * places in it, as {@code onnxruntime_c_api.h} of 1.29 has them: {@code size_t} is a long, an enumeration an int.
 */
enum OrtFunction {
    GET_ERROR_CODE(1, FunctionDescriptor.of(JAVA_INT, ADDRESS)),
    GET_ERROR_MESSAGE(2, FunctionDescriptor.of(ADDRESS, ADDRESS)),
    CREATE_ENV(3, status(JAVA_INT, ADDRESS, ADDRESS)),
    DISABLE_TELEMETRY_EVENTS(6, status(ADDRESS)),
    CREATE_SESSION(7, status(ADDRESS, ADDRESS, ADDRESS, ADDRESS)),
    CREATE_SESSION_FROM_ARRAY(8, status(ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS)),
    CREATE_SESSION_OPTIONS(10, status(ADDRESS)),
    SET_SESSION_EXECUTION_MODE(13, status(ADDRESS, JAVA_INT)),
    SET_SESSION_GRAPH_OPTIMIZATION_LEVEL(23, status(ADDRESS, JAVA_INT)),
    SET_INTRA_OP_NUM_THREADS(24, status(ADDRESS, JAVA_INT)),
    SET_INTER_OP_NUM_THREADS(25, status(ADDRESS, JAVA_INT)),
    SESSION_GET_INPUT_COUNT(30, status(ADDRESS, ADDRESS)),
    SESSION_GET_OUTPUT_COUNT(31, status(ADDRESS, ADDRESS)),
    SESSION_GET_INPUT_TYPE_INFO(33, status(ADDRESS, JAVA_LONG, ADDRESS)),
    SESSION_GET_OUTPUT_TYPE_INFO(34, status(ADDRESS, JAVA_LONG, ADDRESS)),
    SESSION_GET_INPUT_NAME(36, status(ADDRESS, JAVA_LONG, ADDRESS, ADDRESS)),
    SESSION_GET_OUTPUT_NAME(37, status(ADDRESS, JAVA_LONG, ADDRESS, ADDRESS)),
    CREATE_RUN_OPTIONS(39, status(ADDRESS)),
    CREATE_TENSOR_WITH_DATA_AS_ORT_VALUE(
            49, status(ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS)),
    CAST_TYPE_INFO_TO_TENSOR_INFO(55, status(ADDRESS, ADDRESS)),
    GET_TENSOR_ELEMENT_TYPE(60, status(ADDRESS, ADDRESS)),
    GET_DIMENSIONS_COUNT(61, status(ADDRESS, ADDRESS)),
    GET_DIMENSIONS(62, status(ADDRESS, ADDRESS, JAVA_LONG)),
    CREATE_MEMORY_INFO(68, status(ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS)),
    ALLOCATOR_ALLOC(75, status(ADDRESS, JAVA_LONG, ADDRESS)),
    ALLOCATOR_FREE(76, status(ADDRESS, ADDRESS)),
    GET_ALLOCATOR_WITH_DEFAULT_OPTIONS(78, status(ADDRESS)),
    RELEASE_STATUS(93, FunctionDescriptor.ofVoid(ADDRESS)),
    RELEASE_MEMORY_INFO(94, FunctionDescriptor.ofVoid(ADDRESS)),
    RELEASE_SESSION(95, FunctionDescriptor.ofVoid(ADDRESS)),
    RELEASE_VALUE(96, FunctionDescriptor.ofVoid(ADDRESS)),
    RELEASE_RUN_OPTIONS(97, FunctionDescriptor.ofVoid(ADDRESS)),
    RELEASE_TYPE_INFO(98, FunctionDescriptor.ofVoid(ADDRESS)),
    RELEASE_SESSION_OPTIONS(100, FunctionDescriptor.ofVoid(ADDRESS)),
    ADD_SESSION_CONFIG_ENTRY(130, status(ADDRESS, ADDRESS, ADDRESS)),
    CREATE_ALLOCATOR(131, status(ADDRESS, ADDRESS, ADDRESS)),
    RELEASE_ALLOCATOR(132, FunctionDescriptor.ofVoid(ADDRESS)),
    RUN_WITH_BINDING(133, status(ADDRESS, ADDRESS, ADDRESS)),
    CREATE_IO_BINDING(134, status(ADDRESS, ADDRESS)),
    RELEASE_IO_BINDING(135, FunctionDescriptor.ofVoid(ADDRESS)),
    BIND_INPUT(136, status(ADDRESS, ADDRESS, ADDRESS)),
    BIND_OUTPUT(137, status(ADDRESS, ADDRESS, ADDRESS)),
    SYNCHRONIZE_BOUND_INPUTS(202, status(ADDRESS)),
    SYNCHRONIZE_BOUND_OUTPUTS(203, status(ADDRESS)),
    SESSION_OPTIONS_APPEND_EXECUTION_PROVIDER_CUDA_V2(204, status(ADDRESS, ADDRESS)),
    CREATE_CUDA_PROVIDER_OPTIONS(205, status(ADDRESS)),
    UPDATE_CUDA_PROVIDER_OPTIONS(206, status(ADDRESS, ADDRESS, ADDRESS, JAVA_LONG)),
    RELEASE_CUDA_PROVIDER_OPTIONS(208, FunctionDescriptor.ofVoid(ADDRESS));

    /** The first version of the table with all of these. */
    static final int API_VERSION = 11;

    private final int index;
    private final FunctionDescriptor descriptor;

    OrtFunction(int index, FunctionDescriptor descriptor) {
        this.index = index;
        this.descriptor = descriptor;
    }

    int index() {
        return index;
    }

    FunctionDescriptor descriptor() {
        return descriptor;
    }

    /** Most functions return a pointer to what went wrong, which is null when nothing did. */
    private static FunctionDescriptor status(MemoryLayout... arguments) {
        return FunctionDescriptor.of(ADDRESS, arguments);
    }
}
