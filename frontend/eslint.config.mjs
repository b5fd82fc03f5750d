import coreWebVitals from "eslint-config-next/core-web-vitals";
import typescript from "eslint-config-next/typescript";
import lingui from "eslint-plugin-lingui";

const FEATURES = ["upload", "job", "score", "player", "editor", "bringing", "refining", "workspace"];
/** The workspace puts score, player, editor and what is brought back together; no other feature knows another. */
const KNOWS = { workspace: ["score", "player", "editor", "bringing", "refining"] };

const walls = FEATURES.map((feature) => ({
  target: `./src/features/${feature}`,
  from: "./src/features",
  except: [feature, ...(KNOWS[feature] ?? [])].map((name) => `./${name}`),
  message: "What two features need lies in src/music, src/api, src/lib or src/components.",
}));
const SHARED = ["words", "lib", "api", "music", "components"];
/** Shared code knows only what stands before it here, and no feature and no page. */
const layers = SHARED.map((layer, index) => ({
  target: `./src/${layer}`,
  from: "./src",
  except: [...SHARED.slice(0, index + 1), "testing"].map((name) => `./${name}`),
}));

/** English that stands in a view instead of the catalogue; the name of the thing is the same everywhere. */
const UNSAID = [
  "JSXText[value=/\\b(?!DrumScribe\\b)[A-Za-z]{2}/]",
  "JSXAttribute[name.name=/^(aria-(label|valuetext|roledescription)|title|placeholder|alt|label|hint)$/] > Literal[value=/[A-Za-z]{2}/]",
].map((selector) => ({ selector, message: "What people read comes from src/words: say(\"...\")." }));
/** Strings with a space or a capital that nobody reads, or that are the same in every language. */
const NO_SENTENCES = [
  "^use client$",
  "(^|\\s)(bg|border|flex|grid|inline-flex|leading|min-h|text)(-|\\s)",
  "^(translate\\(|\\(|input:not)",
  "^((Page|Arrow)(Up|Down|Left|Right)|Backspace|Delete|End|Enter|Esc(ape)?|Home|Space|Tab)$",
  "^(Alt|Ctrl|Shift)\\+",
  "^[A-Z][a-z]+(-[A-Z][a-z]+)+$",
  "^(AbortError|ApiProblem|Files|OggS|Rar!)$",
  "^dotted quarter$",
  "px system-ui$",
  "DrumScribe|Funk Rock|Guitar Pro|MusicXML",
];

const config = [
  { ignores: [".next/**", "out/**", "next-env.d.ts", "src/api/generated/**", "test-results/**", "public/**", "src/words/compiled/**"] },
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
    // What people read comes from the catalogues (src/words), in every language.
    files: ["src/**/*.{ts,tsx}"],
    ignores: ["src/**/*.test.*", "src/testing/**", "src/words/**"],
    plugins: { lingui },
    rules: {
      "no-restricted-syntax": ["error", ...UNSAID],
      "lingui/no-unlocalized-strings": [
        "error",
        {
          // One word in lower case is a code; a sentence, or a word with a capital, is read by somebody.
          ignore: ["^(?![A-Z][a-z])\\S*$", "^\\s*$", ...NO_SENTENCES],
          ignoreNames: [
            { regex: { pattern: "class|style|viewBox|transform|accept", flags: "i" } },
            "FIELD", "CONTROL", "CHIP", "FORBIDDEN", "SELECT", "THEME_SCRIPT",
          ],
          ignoreFunctions: ["say", "Error", "buttonStyle", "*.closest", "*.matches", "*.querySelector", "*.querySelectorAll"],
        },
      ],
    },
  },
  {
    // What machines read of a page, before any script runs.
    files: ["src/app/layout.tsx", "src/app/jobs/page.tsx", "src/app/not-found.tsx"],
    rules: { "lingui/no-unlocalized-strings": "off" },
  },
  {
    files: ["scripts/**", "server/**", "e2e/**"],
    // Playwright's `use` is no hook.
    rules: { "no-console": "off", "react-hooks/rules-of-hooks": "off" },
  },
];

export default config;
