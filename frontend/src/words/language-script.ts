import { LANGUAGES } from "./languages";

export const LANGUAGE_KEY = "drumscribe-language";

/**
 * Runs before the first paint. Nobody is to see English first: a page in another language stays
 * hidden until its words are here, or have failed to come.
 */
export const LANGUAGE_SCRIPT = `(function(){var l,h=document.documentElement;try{l=localStorage.getItem("${LANGUAGE_KEY}")}catch(e){}
var known=${JSON.stringify(Object.keys(LANGUAGES))};if(known.indexOf(l)<0)l=(navigator.languages||[navigator.language]).map(function(n){return n.slice(0,2).toLowerCase()})
.find(function(n){return known.indexOf(n)>=0})||"en";
h.lang=l;if(l!=="en"){h.dataset.words="coming";setTimeout(function(){delete h.dataset.words},4000)}})()`;
