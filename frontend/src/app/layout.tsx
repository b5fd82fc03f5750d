import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { Shell } from "@/components/Shell";
import { THEME_SCRIPT } from "@/lib/theme-script";
import { LANGUAGE_SCRIPT } from "@/words/language-script";
import { Providers } from "./providers";
import "./globals.css";

export const metadata: Metadata = {
  description: "Give it a recording and get the drum part as sheet music: hear it, practise it, correct it.",
  manifest: "/manifest.webmanifest",
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#e9ece8" },
    { media: "(prefers-color-scheme: dark)", color: "#0f1514" },
  ],
};

export default function Layout({ children }: { children: ReactNode }) {
  return (
    // Theme and language are set by the script before React comes.
    <html lang="en" suppressHydrationWarning>
      <head>
        <script dangerouslySetInnerHTML={{ __html: THEME_SCRIPT + LANGUAGE_SCRIPT }} />
      </head>
      <body>
        <Providers>
          <Shell>{children}</Shell>
        </Providers>
      </body>
    </html>
  );
}
