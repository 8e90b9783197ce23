import './base.css';
import './labeling.css';
import './panel.css';
import './create.css';
import './charts.css';
