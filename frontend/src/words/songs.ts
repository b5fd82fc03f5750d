import words from "./compiled/en.songs.json";
import { loadWords } from "./loadWords";
import "./jobs";

loadWords("en", words);
