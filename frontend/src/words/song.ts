import words from "./compiled/en.song.json";
import { loadWords } from "./loadWords";
import "./music";
import "./jobs";

loadWords("en", words);
