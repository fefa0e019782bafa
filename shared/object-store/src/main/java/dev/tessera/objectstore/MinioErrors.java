package dev.tessera.objectstore;

import dev.tessera.objectstore.ObjectStoreException.Reason;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.InvalidResponseException;
import io.minio.errors.ServerException;
import io.minio.errors.XmlParserException;
import java.io.IOException;
import java.util.Set;

/** What a failed request means. */
final class MinioErrors {
    private static final Set<String> DENIED =
            Set.of("AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken");
    private static final Set<String> PASSING =
            Set.of("ConditionalRequestConflict", "OperationAborted", "RequestTimeout", "SlowDown");
    private static final int FORBIDDEN = 403;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    private MinioErrors() {}

    static boolean isMissing(Exception error) {
        return error instanceof ErrorResponseException response
                && response.errorResponse().code().equals("NoSuchKey");
    }

    static boolean isThereAlready(Exception error) {
        return error instanceof ErrorResponseException response
                && response.errorResponse().code().equals("PreconditionFailed");
    }

    static boolean isBucketThereAlready(Exception error) {
        return error instanceof ErrorResponseException response
                && response.errorResponse().code().startsWith("BucketAlready");
    }

    static ObjectStoreException translate(String what, Exception error) {
        Reason reason = reason(error);
        return new ObjectStoreException(reason, what + ": " + reason.key(), error);
    }

    private static Reason reason(Exception error) {
        return switch (error) {
            case ErrorResponseException response -> reason(response);
            case ServerException away -> Reason.UNAVAILABLE;
            case IOException away -> Reason.UNAVAILABLE;
            // An answer that is not of S3, or cut off: a proxy speaks while the server behind it is away.
            case InvalidResponseException garbled -> Reason.UNAVAILABLE;
            case XmlParserException garbled -> Reason.UNAVAILABLE;
            default -> hasIoCause(error) ? Reason.UNAVAILABLE : Reason.REJECTED;
        };
    }

    private static Reason reason(ErrorResponseException error) {
        String code = error.errorResponse().code();
        int status = error.response().code();
        if (status == FORBIDDEN || DENIED.contains(code)) {
            return Reason.DENIED;
        }
        if (status >= SERVER_ERROR || status == TOO_MANY_REQUESTS || PASSING.contains(code)) {
            return Reason.UNAVAILABLE;
        }
        return Reason.REJECTED;
    }

    private static boolean hasIoCause(Throwable error) {
        for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException) {
                return true;
            }
        }
        return false;
    }
}
