import words from "./compiled/en.music.json";
import { loadWords } from "./loadWords";

loadWords("en", words);
