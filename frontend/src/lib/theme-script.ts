export const THEME_KEY = "drumscribe-theme";

/** Runs before the first paint, so that nobody in a dark room sees a white flash. */
export const THEME_SCRIPT = `(function(){var t;try{t=localStorage.getItem("${THEME_KEY}")}catch(e){}
if(t!=="light"&&t!=="dark")t=matchMedia("(prefers-color-scheme: dark)").matches?"dark":"light";
document.documentElement.dataset.theme=t})();`;
