import words from "./compiled/en.form.json";
import { loadWords } from "./loadWords";

loadWords("en", words);
