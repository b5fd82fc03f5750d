import coreWebVitals from "eslint-config-next/core-web-vitals";
import typescript from "eslint-config-next/typescript";

const FEATURES = ["upload", "job", "score", "player", "editor", "workspace"];
/** The workspace puts score, player and editor together; no other feature knows another. */
const KNOWS = { workspace: ["score", "player", "editor"] };

const walls = FEATURES.map((feature) => ({
  target: `./src/features/${feature}`,
  from: "./src/features",
  except: [feature, ...(KNOWS[feature] ?? [])].map((name) => `./${name}`),
  message: "What two features need lies in src/music, src/api, src/lib or src/components.",
}));
const SHARED = ["lib", "api", "music", "components"];
/** Shared code knows only what stands before it here, and no feature and no page. */
const layers = SHARED.map((layer, index) => ({
  target: `./src/${layer}`,
  from: "./src",
  except: [...SHARED.slice(0, index + 1), "testing"].map((name) => `./${name}`),
}));

const config = [
  { ignores: [".next/**", "out/**", "next-env.d.ts", "src/api/generated/**", "test-results/**", "public/**"] },
  ...coreWebVitals,
  ...typescript,
  {
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "no-console": "error",
      // A file that needs more has more than one idea (docs: house style).
      "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
      "import/no-cycle": "error",
      "import/no-restricted-paths": [
        "error",
        {
          basePath: import.meta.dirname,
          zones: [...walls, ...layers, { target: "./src/features", from: "./src/app" }],
        },
      ],
    },
  },
  {
    files: ["scripts/**", "server/**", "e2e/**"],
    // Playwright's `use` is no hook.
    rules: { "no-console": "off", "react-hooks/rules-of-hooks": "off" },
  },
];

export default config;
