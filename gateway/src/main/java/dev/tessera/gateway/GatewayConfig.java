package dev.tessera.gateway;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The gateway's settings. */
@ConfigMapping(prefix = "tessera.gateway")
public interface GatewayConfig {
    /** The model of a request that names none; without it a single model is the default. */
    Optional<String> defaultModel();

    /** What a request may be. */
    Requests requests();

    /** How long jobs are waited for and remembered. */
    Jobs jobs();

    /** Workers that grow and shrink together, by the pool's name; where there are none, one pool per model and stage. */
    Map<String, Pool> pools();

    /** What the pools are scaled by. */
    Scaler scaler();

    /** The cluster that runs the pools. */
    Kubernetes kubernetes();

    /** How often a stream of events that has nothing to say sends a comment, so that proxies keep it open. */
    @WithDefault("15s")
    Duration keepAlive();

    interface Pool {
        /** The stage of its workers: {@code tokenizer}, {@code generator}, {@code superres} or {@code decoder}. */
        String stage();

        /** The models that its workers serve. */
        List<String> models();

        /** How much engine time of work one of its workers should have before it; the scaler's where it is absent. */
        Optional<Duration> target();
    }

    interface Scaler {
        /** How much engine time of work one worker should have before it, where its pool does not say. */
        @WithDefault("30s")
        Duration target();
    }

    interface Kubernetes {
        /** Where the pools' objects are; without it the gateway speaks to no cluster. */
        Optional<String> namespace();

        /** Their label {@code app.kubernetes.io/instance}. */
        Optional<String> release();

        /** What stands before a pool's name in its objects' names. */
        Optional<String> prefix();

        /** Telling the cluster which pods to take away first. */
        DeletionCost deletionCost();
    }

    interface DeletionCost {
        /** Whether pods are told what their deletion would cost. */
        @WithDefault("false")
        boolean enabled();

        /** How often. */
        @WithDefault("30s")
        Duration interval();

        /** The most pods that one replica tells at a time. */
        @WithDefault("10")
        int most();
    }

    interface Requests {
        /** The largest body: two pictures in base64 and what else there is. */
        @WithDefault("6M")
        MemorySize maxBody();

        /** A larger body than this, which only one with pictures needs to be, waits until few enough of them are read. */
        @WithDefault("256K")
        MemorySize maxPlainBody();

        /** How many such bodies are held in memory at once. */
        @WithDefault("4")
        int largeBodies();

        /** The largest file of one picture. */
        @WithDefault("2M")
        MemorySize maxPicture();

        /** The most images of one job. */
        @WithDefault("16")
        int maxImages();

        /** The longest prompt, in characters. */
        @WithDefault("4000")
        int maxPromptCharacters();

        /** How long a request waits for the event log to bring what it has just been told. */
        @WithDefault("5s")
        Duration patience();
    }

    interface Jobs {
        /** How long after its acceptance a job that has not ended is given up. */
        @WithDefault("1h")
        Duration timeout();

        /** How far back the event log is read at start; more than the timeout, or running jobs are forgotten. */
        @WithDefault("2h")
        Duration replayWindow();

        /** How long a finished job is answered from memory, and listed; afterwards it is read from the bucket. */
        @WithDefault("1h")
        Duration finishedRetention();

        /** The most finished jobs in memory. */
        @WithDefault("10000")
        int finishedLimit();

        /** How often overdue jobs are looked for. */
        @WithDefault("5s")
        Duration sweepInterval();
    }
}
