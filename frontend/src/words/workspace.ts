import words from "./compiled/en.workspace.json";
import { loadWords } from "./loadWords";
import "./music";

loadWords("en", words);
