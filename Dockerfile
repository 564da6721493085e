# Builds the program, then puts it alone into a small image. PostgreSQL is not in it: set DATABASE_URL.
FROM rust:1.95-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends build-essential cmake && rm -rf /var/lib/apt/lists/*
WORKDIR /src
# The modules to ship: `--build-arg MODULES=clinic`.
ARG MODULES=default
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --release --locked --bin tenantry --no-default-features --features "$MODULES" && cp target/release/tenantry /tenantry

FROM debian:bookworm-slim
RUN useradd --system --uid 10001 tenantry && install -d -o 10001 /files
COPY --from=build /tenantry /usr/local/bin/tenantry
USER 10001
ENV TENANTRY_BIND=0.0.0.0:8080
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["tenantry"]
CMD ["serve"]
