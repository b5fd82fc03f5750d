import words from "./compiled/en.jobs.json";
import { loadWords } from "./loadWords";

loadWords("en", words);
