import words from "./compiled/en.workspace.json";
import { loadWords } from "./loadWords";

loadWords("en", words);
