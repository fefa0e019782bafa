package dev.tessera.e2e;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The fences between modules and around the libraries that leak. */
@AnalyzeClasses(packages = "dev.tessera", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] SERVICES = {
        "dev.tessera.gateway..",
        "dev.tessera.tokenizer..",
        "dev.tessera.generator..",
        "dev.tessera.superres..",
        "dev.tessera.decoder.."
    };

    @ArchTest
    static final ArchRule shouldKeepServicesApart = slices().matching(
                    "dev.tessera.(gateway|tokenizer|generator|superres|decoder)..")
            .should()
            .notDependOnEachOther();

    @ArchTest
    static final ArchRule shouldLetOnlyTheCommandLineUseServices = noClasses()
            .that(not(resideInAnyPackage(SERVICES)))
            .and()
            .resideOutsideOfPackages("dev.tessera.cli..", "dev.tessera.benchmarks..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SERVICES);

    @ArchTest
    static final ArchRule shouldFenceOnnxRuntime = fence("ai.onnxruntime..", "dev.tessera..onnx..");

    @ArchTest
    static final ArchRule shouldFenceCallsOfNativeCode =
            fence("dev.tessera.inference.foreign..", "dev.tessera.inference.onnx..", "dev.tessera.inference.foreign..");

    @ArchTest
    static final ArchRule shouldFenceTheKafkaClient =
            fence("org.apache.kafka..", "dev.tessera.pipeline.kafka..", "dev.tessera.testkit..");

    @ArchTest
    static final ArchRule shouldFenceTheObjectStoreClient = fence("io.minio..", "dev.tessera.objectstore..");

    @ArchTest
    static final ArchRule shouldFenceTheTextTokenizer = fence("ai.djl..", "dev.tessera.tokenizer.onnx..");

    @ArchTest
    static final ArchRule shouldFenceTheKubernetesClient = fence("io.fabric8..", "dev.tessera.gateway.kubernetes..");

    @ArchTest
    static final ArchRule shouldKeepInferenceFreeOfTransport = noClasses()
            .that()
            .resideInAPackage("dev.tessera.inference..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.tessera.pipeline..", "dev.tessera.objectstore..", "dev.tessera.v1..");

    @ArchTest
    static final ArchRule shouldNameThingsForWhatTheyAre = classes()
            .should()
            .haveSimpleNameNotEndingWith("Impl")
            .andShould()
            .haveSimpleNameNotEndingWith("Util")
            .andShould()
            .haveSimpleNameNotEndingWith("Utils")
            .andShould()
            .haveSimpleNameNotEndingWith("Helper")
            .andShould()
            .haveSimpleNameNotEndingWith("Manager");

    private static ArchRule fence(String library, String... fences) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(fences)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library);
    }
}
