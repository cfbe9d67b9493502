// Country codes that the server wrote become names, in the words of the browser; without JavaScript the codes stay.

import { country } from "./format.js";

for (const node of document.querySelectorAll("[data-country]")) node.textContent = country(node.textContent);
