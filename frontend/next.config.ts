import type { NextConfig } from "next";

/**
 * One export, two servers: FastAPI serves `out/` in the embedded mode, Caddy in a container of its
 * own (docs/adr). Neither renders anything, so a page is the same from both, and so are its headers,
 * which the build writes.
 */
const forBuild: NextConfig = {
  output: "export",
  trailingSlash: true,
  images: { unoptimized: true },
  poweredByHeader: false,
  reactStrictMode: true,
};

/** `next dev` takes the API of a service that runs beside it; an export knows no rewrites. */
const forDevelopment: NextConfig = {
  trailingSlash: true,
  skipTrailingSlashRedirect: true,
  reactStrictMode: true,
  rewrites: async () => [
    {
      source: "/api/:path*",
      destination: `${process.env.API_URL ?? "http://localhost:8000"}/api/:path*`,
    },
  ],
};

export default process.env.NODE_ENV === "development" ? forDevelopment : forBuild;
