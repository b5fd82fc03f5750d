import words from "./compiled/en.form.json";
import { loadWords } from "./loadWords";
import "./music";

loadWords("en", words);
