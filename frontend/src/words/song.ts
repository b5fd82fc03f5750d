import words from "./compiled/en.song.json";
import { loadWords } from "./loadWords";

loadWords("en", words);
