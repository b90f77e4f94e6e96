# Countersign as an image: built by the same script as everywhere, shipped as one file under a user of its own.
#   docker build -t countersign .
#   docker run -p 3000:3000 -v countersign:/data -e COUNTERSIGN_PUBLIC_URL=https://desk.example.org countersign

FROM rust:1.95-bookworm AS build
ENV COUNTERSIGN_CACHE=/cache
WORKDIR /src
COPY . .
# The tools, the registry and what was built stay with the builder, so that the next image takes minutes.
RUN --mount=type=cache,target=/cache \
    --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    make build && install -D target/release/countersign /out/countersign

FROM debian:bookworm-slim
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin countersign \
    && install -d -o countersign -g countersign -m 700 /data
COPY --from=build /out/countersign /usr/local/bin/countersign
USER 10001:10001
WORKDIR /data
VOLUME /data
ENV COUNTERSIGN_DATA_DIR=/data COUNTERSIGN_LISTEN=0.0.0.0:3000
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["bash", "-c", \
    "exec 3<>/dev/tcp/127.0.0.1/3000 && printf 'GET /readyz HTTP/1.0\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["countersign"]
CMD ["serve"]
