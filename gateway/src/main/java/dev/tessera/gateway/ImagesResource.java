package dev.tessera.gateway;

import dev.tessera.gateway.GatewayException.Reason;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.regex.Pattern;

/** The images of a job over HTTP, and the tokens they were made of. */
@Path("/v1/jobs/{id}/images/{index}")
@Blocking
public final class ImagesResource {
    private static final Pattern INDEX = Pattern.compile("0|[1-9][0-9]{0,5}");
    private static final String FOR_EVER = "private, max-age=31536000, immutable";

    private final JobFinder finder;
    private final JobArchive archive;

    ImagesResource(JobFinder finder, JobArchive archive) {
        this.finder = finder;
        this.archive = archive;
    }

    @GET
    @Produces("image/png")
    public Response png(
            @Context HttpHeaders headers,
            @Context Request request,
            @PathParam("id") String id,
            @PathParam("index") String index) {
        Tenant tenant = Tenant.of(headers.getRequestHeader(Tenant.HEADER));
        Stored image = stored(tenant, id, index);
        EntityTag tag = new EntityTag(image.sha256());
        Response.ResponseBuilder unchanged = request.evaluatePreconditions(tag);
        if (unchanged != null) {
            return unchanged
                    .tag(tag)
                    .header(HttpHeaders.CACHE_CONTROL, FOR_EVER)
                    .build();
        }
        return answer(archive.png(tenant, id, image.index()), id + "-" + image.index() + ".png")
                .tag(tag)
                .build();
    }

    @GET
    @Path("/tokens")
    @Produces(MediaType.APPLICATION_JSON)
    public Response tokens(@Context HttpHeaders headers, @PathParam("id") String id, @PathParam("index") String index) {
        Tenant tenant = Tenant.of(headers.getRequestHeader(Tenant.HEADER));
        Stored image = stored(tenant, id, index);
        return answer(archive.tokens(tenant, id, image.index()), id + "-" + image.index() + ".tokens.json")
                .build();
    }

    private record Stored(int index, String sha256) {}

    private Stored stored(Tenant tenant, String id, String index) {
        JobDocument job = finder.get(tenant, id);
        if (!INDEX.matcher(index).matches() || Integer.parseInt(index) >= job.images()) {
            throw new GatewayException(Reason.IMAGE_NOT_FOUND, "the images of this job are 0 to " + (job.images() - 1));
        }
        int number = Integer.parseInt(index);
        return job.storedImage(number).map(sha256 -> new Stored(number, sha256)).orElseThrow(() -> absent(job));
    }

    private static GatewayException absent(JobDocument job) {
        return job.finished()
                ? new GatewayException(Reason.IMAGE_NOT_MADE, "the job has " + job.status() + " without this image")
                : new GatewayException(Reason.IMAGE_NOT_READY, "the job is " + job.status() + "; ask again");
    }

    private static Response.ResponseBuilder answer(Optional<byte[]> content, String fileName) {
        byte[] bytes = content.orElseThrow(
                () -> new GatewayException(Reason.IMAGE_NOT_FOUND, "the bucket does not have it any more"));
        return Response.ok(bytes)
                .header(HttpHeaders.CACHE_CONTROL, FOR_EVER)
                .header(HttpHeaders.CONTENT_DISPOSITION, "inline; filename=\"" + fileName + "\"");
    }
}
